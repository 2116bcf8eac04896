import { createServer, connect as dial, type Socket } from 'node:net'
import { fraction, type Random } from '../../src/core/random.ts'

/** A way to a TCP server that can be cut, and that can fall silent. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number
  /** Connections cut so far. */
  readonly cuts: number
  /** From now on every connection, also one that is open, ends after 1 to `bytes` more bytes; 0 for never. */
  cutAfter(bytes: number): void
  /** Passes nothing on and ends nothing, as when a cable is pulled. */
  isSilent: boolean
}

export async function startCuttingProxy(toPort: number, random: Random): Promise<CuttingProxy> {
  const open = new Set<{ left: number; end: () => void }>()
  let most = 0
  let cuts = 0
  let isSilent = false
  const drawn = () => (most === 0 ? Number.POSITIVE_INFINITY : 1 + Math.floor(fraction(random) * most))
  const server = createServer((near) => {
    const far = dial(toPort, '127.0.0.1')
    const pair = {
      left: drawn(),
      end() {
        open.delete(pair)
        for (const one of [near, far]) one.destroy()
      },
    }
    open.add(pair)
    const pass = (from: Socket, to: Socket) => {
      from.on('error', pair.end).on('close', pair.end)
      from.on('data', (bytes: Buffer) => {
        if (isSilent) return
        to.write(bytes.subarray(0, Math.min(bytes.length, pair.left)))
        pair.left -= bytes.length
        if (pair.left > 0) return
        cuts++
        open.delete(pair)
        // Half of them as a clean end, half as a reset.
        if (fraction(random) < 0.5) pair.end()
        else {
          near.resetAndDestroy()
          far.destroy()
        }
      })
    }
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get cuts() {
      return cuts
    },
    cutAfter(bytes) {
      most = bytes
      for (const pair of open) pair.left = drawn()
    },
    get isSilent() {
      return isSilent
    },
    set isSilent(value) {
      isSilent = value
    },
    async [Symbol.asyncDispose]() {
      for (const pair of open) pair.end()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
