import { pause } from './time/clock.ts'

const patienceMs = 10_000

export type KeyAct =
  | { readonly act: 'make' }
  | { readonly act: 'sign'; readonly challenge: string; readonly nextKey: string }
  | { readonly act: 'forget' }

/** The frame did not come, or has no key, or the browser keeps none. */
export class KeyFrameError extends Error {}

/**
 * Has a frame at an address of its own do something with the key that the browser keeps there. This page never has the
 * key, and nobody but the desk knows the address.
 */
export async function inKeyFrame(url: string, act: KeyAct): Promise<string> {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.sandbox.add('allow-scripts', 'allow-same-origin')
  frame.src = url
  const { origin } = new URL(url)
  const answered = new Promise<string>((resolve, reject) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = ({ data }: MessageEvent<{ said?: string; fault?: string }>) => {
      if (data.said === undefined) reject(new KeyFrameError(data.fault))
      else resolve(data.said)
    }
    addEventListener('message', function ready(event) {
      if (event.source !== frame.contentWindow || event.origin !== origin) return
      removeEventListener('message', ready)
      frame.contentWindow?.postMessage(act, origin, [channel.port2])
    })
  })
  const late = pause(patienceMs).then(() => {
    throw new KeyFrameError('The frame with the key did not answer.')
  })
  document.body.append(frame)
  try {
    return await Promise.race([answered, late])
  } finally {
    late.catch(() => {})
    frame.remove()
  }
}
