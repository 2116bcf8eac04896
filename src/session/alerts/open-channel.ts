import type { AlertChannel, AlertChannelRecord } from '../../contracts/alerts.ts'
import type { SessionContext } from '../ground/context.ts'
import { openSecrets, places } from '../ground/records.ts'
import { alertingOf } from './alerting.ts'

/** A stored channel, ready to send. @throws BhorError `seal_broken`, `alerts_unavailable` */
export function openChannel(
  context: Pick<SessionContext, 'vault' | 'alerting'>,
  { id, kind, settings, sealedSecrets }: AlertChannelRecord,
): AlertChannel {
  const secrets = openSecrets(context.vault, sealedSecrets, places.channelSecrets(id))
  return alertingOf(context).types[kind].open(settings, secrets)
}
