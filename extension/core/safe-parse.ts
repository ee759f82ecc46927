import * as l10n from '@vscode/l10n';
import * as z from 'zod';

const UNREADABLE = z.never({ error: () => l10n.t('holds a value that cannot be compared') });

/**
 * As zod's `safeParse`, and never throws: of `{"length": {"toString": 1}}` where a list belongs, zod compares the length
 * before it has refused the type.
 */
export function safeParse<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(value);
  } catch {
    return UNREADABLE.safeParse(value) as z.ZodSafeParseError<never>;
  }
}
