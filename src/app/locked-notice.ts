import { Dialler } from '../alerts/dialler.ts'
import { lockedNotice } from '../alerts/locked-notice.ts'
import type { Config } from '../config/load.ts'
import type { Clock } from '../core/clock.ts'
import { wordsOf } from '../core/errors.ts'

/** Until somebody has come. */
const againAfterMs = 30 * 60_000
/** After a reboot the network may come later than bhor. */
const retryAfterMs = 60_000

/**
 * Tells whoever can help that a server waits for its passphrase: at once, and again until it is disposed of. Nobody where
 * no address is set.
 *
 * @param log what went wrong; never the address
 */
export function tellLocked(
  { alerts: { lockedNoticeUrl, privateTargets } }: Pick<Config, 'alerts'>,
  clock: Pick<Clock, 'after'>,
  log: (level: 'warn', text: string) => void,
): Disposable {
  let timer: Disposable | undefined
  let isOver = false
  const end = {
    [Symbol.dispose]() {
      isOver = true
      timer?.[Symbol.dispose]()
    },
  }
  if (!lockedNoticeUrl) return end
  const dialler = new Dialler({ clock, privateTargets })
  const { sentence, hint } = wordsOf('vault_locked')
  const tell = async () => {
    const delivery = await lockedNotice(dialler, lockedNoticeUrl, `${sentence} ${hint}`)
    if (delivery.outcome !== 'delivered') log('warn', `locked_notice_url was not told. ${delivery.text}`)
    if (isOver) return
    const inMs = delivery.outcome === 'delivered' ? againAfterMs : retryAfterMs
    timer = clock.after(inMs, () => void tell())
  }
  void tell()
  return end
}
