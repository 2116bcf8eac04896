import { auditHeadText } from '../../contracts/audit.ts'
import type { InventoryKeys } from '../../contracts/inventory.ts'
import type { MacFields, Vault } from '../../contracts/secrets.ts'
import type { Random } from '../../core/random.ts'
import { isGenuine, stamped } from './records.ts'

const nonceBytes = 12

/**
 * What the store's inventory needs of the vault. The sum stands in the end of the chain, whose MAC authenticates it,
 * masked by a number that is used once: with keyed elements nobody can make another sum of rows, and who does not see
 * sums does not learn elements (Clarke and others, “Incremental Multiset Hash Functions”, MSet-Add-Hash).
 */
export function inventoryKeys(vault: Vault, random: Random): InventoryKeys {
  const headMac = (head: Parameters<typeof auditHeadText>[0]) => vault.auditMac(auditHeadText(head))
  const number = (keyId: string, ...parts: readonly (string | number)[]): bigint => {
    const mac = vault.inventoryMac(JSON.stringify(['bhor-inventory', ...parts]), keyId)
    // A key that is not in the ring any more fits nothing.
    return mac === undefined ? 0n : BigInt(`0x${mac}`)
  }
  const maskOf = (keyId: string, version: number, nonce: string) => number(keyId, 'mask', version, nonce)
  return {
    keyId: vault.inventoryKeyId,
    isHeadGenuine: (head) => head.headMac === headMac(head),
    headWith(head, inventory) {
      const end = { ...head, inventory }
      return { ...end, headMac: headMac(end) }
    },
    element: (keyId, { table, id }, mac) => number(keyId, 'row', table, id, mac),
    sealed({ version, sum, keyId, gaveUp }) {
      const nonce = Buffer.from(random.bytes(nonceBytes)).toString('hex')
      const masked = BigInt.asUintN(256, sum + maskOf(keyId, version, nonce))
      return JSON.stringify([
        version,
        keyId,
        nonce,
        masked.toString(16),
        ...(gaveUp ? [gaveUp.seq, gaveUp.mac] : []),
      ])
    },
    opened(text) {
      const parts = partsOf(text)
      if (!parts) return undefined
      const [version, keyId, nonce, masked, seq, mac] = parts
      const sum = BigInt.asUintN(256, BigInt(`0x${masked}`) - maskOf(keyId, version, nonce))
      return { version, keyId, sum, gaveUp: seq === undefined || mac === undefined ? null : { seq, mac } }
    },
    isGenuine: (table, record) => isGenuine(vault, table as MacFields['table'], record as never),
    knowsKeyOf: (sealed) => vault.knowsKeyOf(sealed),
    learnRing: (records) => vault.learn(records),
    renewed(table, record) {
      const [name, row] = [table as MacFields['table'], record as { readonly mac: string }]
      const isOwn = isGenuine(vault, name, row as never) || (name === 'intents' && row.mac === '')
      return isOwn ? stamped(vault, name, row as never) : undefined
    },
  }
}

type Parts = [version: number, keyId: string, nonce: string, masked: string, seq?: number, mac?: string]

/** Text that bhor wrote: whoever asks has authenticated it, or takes it for nothing. */
function partsOf(text: string): Parts | undefined {
  try {
    const parts = JSON.parse(text) as Parts
    return Number.isSafeInteger(parts[0]) && /^[0-9a-f]+$/.test(parts[3]) ? parts : undefined
  } catch {
    return undefined
  }
}
