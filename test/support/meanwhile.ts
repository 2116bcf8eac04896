import type { Net } from '../../src/contracts/net.ts'
import { systemNet } from '../../src/net/system.ts'

/** A net on which something may happen between a broker's answer and whoever reads it. */
export interface Meanwhile {
  readonly net: Net
  /** Done once, after the next answer has come and before it is given on. */
  work: () => Promise<unknown>
}

export function openMeanwhile(): Meanwhile {
  const nothing = async () => {}
  const meanwhile: Meanwhile = {
    work: nothing,
    net: {
      async send(request) {
        const reply = await systemNet.send(request)
        const { work } = meanwhile
        meanwhile.work = nothing
        await work()
        return reply
      },
    },
  }
  return meanwhile
}
