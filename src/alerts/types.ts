import type { ChannelKind, ChannelType } from '../contracts/alerts.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Dialler } from './dialler.ts'
import { emailType } from './email/email.ts'
import { ntfyType } from './ntfy/ntfy.ts'
import { telegramType } from './telegram/telegram.ts'
import { webhookType } from './webhook/webhook.ts'

/** Every kind of channel. */
export function channelTypes(
  dialler: Dialler,
  clock: Pick<Clock, 'nowMs'>,
  random: Random,
): Readonly<Record<ChannelKind, ChannelType>> {
  return {
    telegram: telegramType(dialler),
    email: emailType(dialler),
    webhook: webhookType(dialler, clock, random),
    ntfy: ntfyType(dialler),
  }
}
