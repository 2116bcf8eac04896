import type { ChannelSettings } from '../contracts/alerts.ts'
import { hasControls } from '../core/control-characters.ts'
import { BhorError } from '../core/errors.ts'

/** What somebody gave for a field, if it looks like one. @throws BhorError `channel_invalid`; it is not quoted */
export function checkedField(
  settings: ChannelSettings,
  name: string,
  isRight: (text: string) => boolean,
  what: string,
  hint: string,
): string {
  const text = settings[name] ?? ''
  if (text !== '' && text.length <= 500 && !hasControls(text) && isRight(text)) return text
  throw new BhorError('channel_invalid', what, { hint, facts: { field: name } })
}
