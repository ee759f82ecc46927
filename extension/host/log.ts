import type { LogOutputChannel } from 'vscode';
import type { Log } from '../core/progress';

/** Our log calls as lines of the output channel, whose level the user sets. */
export const logTo =
  (channel: LogOutputChannel): Log =>
  (level, message) => {
    switch (level) {
      case 'debug':
        return channel.debug(message);
      case 'info':
        return channel.info(message);
      case 'warn':
        return channel.warn(message);
      case 'error':
        return channel.error(message);
    }
  };
