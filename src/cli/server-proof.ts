import { newToken } from '../core/ids.ts'
import { systemRandom } from '../core/random.ts'
import type { Question } from './wire.ts'

/**
 * What a server is asked before it is sent a key: who has taken the desk's port, or answers at a mistyped address,
 * cannot know. The answer holds for this origin and this question alone.
 *
 * @see `GET /v1/proof` in docs/reference/http.md
 */
export function proofQuestion(key: string, origin: string): Question {
  // Not imported: see core/random.ts.
  const { createHmac, hash } = process.getBuiltinModule('node:crypto')
  const secret = hash('sha256', key, 'buffer')
  const fingerprint = hash('sha256', secret, 'hex').slice(0, 8)
  const nonce = newToken(systemRandom)
  const proof = createHmac('sha256', secret).update(`${nonce}\n${origin}`).digest('hex')
  return { target: `/v1/proof?key=${fingerprint}&nonce=${nonce}`, answer: proof }
}
