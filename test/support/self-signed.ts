import { generateKeyPairSync, sign } from 'node:crypto'

/**
 * A fresh key and a certificate for 127.0.0.1 that it signed itself: right in everything, but nobody vouches for it.
 * Written by hand in DER, so that no private key lies in the repository.
 */
export function makeSelfSigned({
  until = '21200101000000Z',
  address: octets = [127, 0, 0, 1],
}: {
  readonly until?: string
  readonly address?: readonly number[]
} = {}): {
  readonly key: string
  readonly cert: string
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const ecdsaWithSha256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  const commonName = sequence(oid([0x55, 0x04, 0x03]), der(0x0c, Buffer.from('127.0.0.1')))
  const name = sequence(der(0x31, commonName))
  const lifetime = sequence(time('20200101000000Z'), time(until))
  const address = sequence(der(0x87, Buffer.from(octets)))
  const subjectAltName = sequence(oid([0x55, 0x1d, 0x11]), der(0x04, address))
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    lifetime,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subjectAltName)),
  )
  const signature = sign('sha256', signed, privateKey)
  const whole = sequence(signed, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  // As short as it goes: browsers take no other.
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  const head = length < 128 ? [tag, length] : [tag, ...long]
  return Buffer.concat([Buffer.from(head), content])
}
const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts))
const oid = (bytes: readonly number[]) => der(0x06, Buffer.from(bytes))
/** With two digits for the year where a certificate has to have them: browsers refuse another form. */
const time = (text: string) =>
  text < '2050' ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text))

export const selfSigned = makeSelfSigned()

/** The same, but its time is over. */
export const expiredCertificate = makeSelfSigned({ until: '20210101000000Z' })
