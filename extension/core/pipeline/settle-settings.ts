import type { BackboneInfo } from '../backbone/backbone';
import type { ScoreSettings, SettledSettings } from '../settings';

/** The settings with the opened backbone's own window sizes where they were left to it. */
export function settleSettings(settings: ScoreSettings, info: Pick<BackboneInfo, 'degrees'>): SettledSettings {
  return { ...settings, degrees: settings.degrees === 'auto' ? info.degrees : settings.degrees };
}
