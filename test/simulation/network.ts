import { type Egress, type Net, NetError, type NetReply, type NetRequest } from '../../src/contracts/net.ts'
import type { Answer } from '../../src/simulator/answer.ts'
import { type Call, readFields } from '../../src/simulator/call.ts'
import { page } from '../../src/simulator/pages.ts'
import { type Brokers, brokerAt } from './brokers.ts'
import type { CallFate } from './fault-plan.ts'
import { type Life, never } from './life.ts'

/** Who looks at every call to a broker from outside. */
export interface CallWatch {
  /** It leaves the process. */
  sent(life: Life, broker: string, call: Call, egress: Egress | undefined): Sent
}
export interface Sent {
  /** It has reached the broker, which acts. */
  arrived(answer: Answer): void
  /** A complete answer comes to the process. */
  heard(answer: Answer): void
  /** The process knows as much as it ever will. */
  over(): void
}

/** The way to the simulated brokers for one life of one process. */
export function netOf(
  life: Life,
  brokers: Brokers,
  isOut: (broker: string) => boolean,
  watch: CallWatch,
): Net {
  return {
    send: (request) => (life.isOver ? never() : sendOnce(life, brokers, isOut, watch, request)),
  }
}

function sendOnce(
  life: Life,
  brokers: Brokers,
  isOut: (broker: string) => boolean,
  watch: CallWatch,
  request: NetRequest,
): Promise<NetReply> {
  const { faults } = life
  const url = new URL(request.url)
  const id = brokerAt(url.hostname)
  const { module } = brokers.get(id)
  const body = request.body ?? ''
  const { headers } = request
  const call: Call = {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    fields: readFields(headers['content-type'] ?? '', body),
    grantsWrongUser: false,
  }
  const what = `${life.name} ${request.method} ${id}${url.pathname}`
  return new Promise((resolve, reject) => {
    // What is most worth to be hit is rare: of a hundred calls a few are for a session.
    const times = call.method === 'POST' ? 10 : 1
    const sent = watch.sent(life, id, call, request.egress)
    let isOver = false
    const end = (work: () => void) => {
      if (isOver) return
      isOver = true
      deadline[Symbol.dispose]()
      sent.over()
      work()
    }
    const fails = (outcome: NetError['outcome'], reason: NetError['reason']) =>
      end(() => reject(new NetError(outcome, reason)))
    const deadline = life.after(request.timeoutMs, `${what} gets no answer`, () =>
      fails('unknown', 'timeout'),
    )
    const answers = (answer: Answer, afterMs = faults.callMs()) => {
      if (faults.crashes(life, times)) return life.crash()
      const { status, body: text } = answer
      // Every answer over TLS names the time.
      const named = { ...answer.headers, date: new Date(life.timeline.nowMs).toUTCString() }
      life.after(afterMs, `${what} ${status}`, () =>
        end(() => {
          sent.heard(answer)
          resolve({ status, headers: named, text })
        }),
      )
      faults.pauses(life, times)
    }
    const torn = () => life.after(faults.callMs(), `${what} torn`, () => fails('unknown', 'reset'))
    const refuse = (why: Parameters<typeof module.refuse>[0], status?: number) =>
      answers(module.refuse(why, status === undefined ? {} : { status }))
    const act = () => {
      const answer = brokers.answer(id, call)
      sent.arrived(answer)
      return answer
    }
    // Its source address is gone: nothing can leave, and nothing leaves another way.
    if (request.egress && faults.losesWay(life)) {
      life.after(1, `${what} has no way out`, () => fails('not_sent', 'egress'))
      return
    }
    const fate = fateOf(life, isOut(id))
    const arrive: Readonly<Record<CallFate, () => unknown>> = {
      answered: () => answers(act()),
      not_sent: () => fails('not_sent', 'refused'),
      reset_before: torn,
      reset_after: () => [act(), torn()],
      silence: () => {},
      acts_late: () => life.timeline.after(request.timeoutMs + 3_000, `${what} acts late`, act),
      answers_late: () => answers(act(), request.timeoutMs + 3_000),
      twice: () => [act(), answers(act())],
      status: () => refuse('unavailable', 502),
      html: () => answers(page('Service unavailable', '<h1>Service unavailable</h1>', '#555', 503)),
      garbage: () => answers({ ...act(), body: '{"status":"succ' }),
      rate_limited: () => refuse('rate_limited'),
      redirect: () => answers({ status: 302, headers: { location: '/moved' }, body: '' }),
      ip_refused: () => refuse('ip_refused'),
      closed: () => (module.night ? refuse('closed_at_night') : refuse('unavailable', 503)),
    }
    // On the wire it needs nobody any more who has sent it.
    life.timeline.after(faults.callMs(), `${what}${fate === 'answered' ? '' : ` (${fate})`}`, () => {
      if (faults.crashes(life, times)) return life.crash()
      arrive[fate]()
    })
  })
}

/** Of a broker that is out, nobody gets more than an error page. */
function fateOf(life: Life, isOut: boolean): CallFate {
  if (life.cutFrom.has('brokers')) return 'not_sent'
  if (isOut) return life.chance.pick(['status', 'html', 'silence', 'not_sent'])
  return life.faults.ofCall(life)
}
