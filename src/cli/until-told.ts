import { terminal } from './terminal.ts'

/** Asked early: the parent may go while the server starts. */
const hadChannel = process.connected

/** Waits until somebody wants this process to end. @returns what said so */
export function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
    // Node forgets that nohup had it ignored. Where no terminal is, none was closed either.
    process.on('SIGHUP', () => terminal.isAround && resolve('SIGHUP'))
    // Started with a channel (npm start): its other end closes when the parent goes, also by SIGKILL.
    const orphaned = () => resolve('its parent has gone')
    if (hadChannel && !process.connected) orphaned()
    else if (hadChannel) process.once('disconnect', orphaned)
    // Else an open channel keeps a stopped server, and its waiting parent, alive.
    process.channel?.unref()
  })
}
