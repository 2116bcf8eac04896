import { pause } from '../time/clock.ts'

/** So long a browser may take to begin with it. */
const beginsWithinMs = 30_000

/** Has the browser save a text as a file. It never leaves this computer, and nothing of it stays on the page. */
export function saveFile(name: string, contentType: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: contentType }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  void pause(beginsWithinMs).then(() => URL.revokeObjectURL(url))
}
