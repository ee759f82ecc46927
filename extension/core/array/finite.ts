/** Whether no value is infinite or NaN. By index: a third of the time that for-of takes, and a picture has millions. */
export function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
