import { terminal } from './terminal.ts'

/** Asked early: the parent may go while the server starts. */
const hadChannel = process.connected

/** While a server starts, or waits for its passphrase, it has nothing to end in order: without its parent it just ends. */
export function endsWithParent(): Disposable {
  const end = () => process.exit(1)
  if (hadChannel && !process.connected) end()
  else if (hadChannel) process.once('disconnect', end)
  return { [Symbol.dispose]: () => process.removeListener('disconnect', end) }
}

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
