import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { failureOf } from './answer.ts'
import type { Door } from './doors.ts'
import { type DeskParts, rowsOf } from './parts.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './reply.ts'
import type { HttpRequest } from './request.ts'
import { matcherOf } from './table.ts'

/** Everything that is answered behind one door, as a function that never fails. */
export function handlerOf(door: Door, parts: DeskParts): (request: HttpRequest) => Promise<Reply> {
  const matchOf = matcherOf(door.serves.flatMap((part) => rowsOf[part](parts)))
  return async (request) => {
    try {
      const { row, params, allowed } = matchOf(request)
      if (row) return await row.answer(request, params)
      if (allowed.length === 0) throw new BhorError('not_found', 'There is nothing at this address.')
      const error = new BhorError('method_not_allowed', 'This address does not take this method.')
      return problemReply(error, newId('req', parts.app.random), { allow: allowed.join(', ') })
    } catch (cause) {
      return failureOf(cause, parts)
    }
  }
}
