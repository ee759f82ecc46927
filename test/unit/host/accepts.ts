/** As much of JSON schema as the settings in package.json use. */
export interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly items?: SettingSchema;
  readonly contains?: SettingSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly anyOf?: readonly SettingSchema[];
}

const typeOf = (value: unknown): readonly string[] =>
  value === null
    ? ['null']
    : Array.isArray(value)
      ? ['array']
      : Number.isInteger(value)
        ? ['integer', 'number']
        : [typeof value];

/** Whether the editor takes a value without a wavy line below it. */
export function accepts(schema: SettingSchema, value: unknown): boolean {
  const { type, anyOf } = schema;
  if (type !== undefined && !typeOf(value).some((name) => [type].flat().includes(name))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (anyOf && !anyOf.some((one) => accepts(one, value))) return false;
  if (typeof value === 'number')
    return (
      value >= (schema.minimum ?? -Infinity) &&
      value > (schema.exclusiveMinimum ?? -Infinity) &&
      value <= (schema.maximum ?? Infinity)
    );
  if (typeof value === 'string')
    return new RegExp(schema.pattern ?? '', 'u').test(value) && value.length <= (schema.maxLength ?? Infinity);
  if (!Array.isArray(value)) return true;
  const { items, contains } = schema;
  return (
    value.length >= (schema.minItems ?? 0) &&
    value.length <= (schema.maxItems ?? Infinity) &&
    (!schema.uniqueItems || new Set(value).size === value.length) &&
    (!items || value.every((item) => accepts(items, item))) &&
    (!contains || value.some((item) => accepts(contains, item)))
  );
}
