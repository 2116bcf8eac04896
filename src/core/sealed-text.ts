/** The version of the form, the id of the key, and the sealed bytes: what `vault/envelope.ts` writes. */
const form = /^v1\.([^.]+)\.[^.]+$/

/** The id of the key that sealed this text; undefined for an empty one and for what nobody sealed. */
export function sealingKeyIn(text: string): string | undefined {
  return form.exec(text)?.[1]
}
