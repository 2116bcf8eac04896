import { Socket } from 'node:net'
import type { Wires } from '../../../src/alerts/dialler.ts'

export interface RecordingWires extends Wires {
  readonly resolved: string[]
  /** Every address that somebody wanted to be connected to. Nobody was. */
  readonly connected: string[]
}

/** A network of which only the wishes are kept: nothing leaves, whatever the code does. */
export function recordingWires(
  addressesOf: (host: string, times: number) => readonly string[],
): RecordingWires {
  const resolved: string[] = []
  const connected: string[] = []
  return {
    resolved,
    connected,
    async resolve(host) {
      resolved.push(host)
      return addressesOf(host, resolved.filter((name) => name === host).length)
    },
    connect(address, port) {
      connected.push(`${address} ${port}`)
      const socket = new Socket()
      queueMicrotask(() => socket.destroy(new Error('nothing leaves')))
      return socket
    },
  }
}
