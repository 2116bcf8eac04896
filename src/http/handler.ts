import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { failureOf } from './answer.ts'
import { nearCallback } from './callback.ts'
import type { Door } from './doors.ts'
import { type DeskParts, rowsOf } from './parts.ts'
import { problemReply } from './problem.ts'
import { type Reply, tersely } from './reply.ts'
import type { HttpRequest } from './request.ts'
import { endOfWorkers } from './service-worker.ts'
import { matcherOf } from './table.ts'

/** Everything that is answered behind one door, as a function that never fails. */
export function handlerOf(door: Door, parts: DeskParts): (request: HttpRequest) => Promise<Reply> {
  const matchOf = matcherOf(door.serves.flatMap((part) => rowsOf[part](parts)))
  const hasCallbacks = door.serves.includes('callbacks')
  const told = (problem: Reply) => (door.isTerse ? tersely(problem) : problem)
  return async (request) => {
    try {
      if (door.serves.includes('pages') && request.header('service-worker') !== undefined) return endOfWorkers
      const { row, params, allowed } = matchOf(request)
      if (row) return await row.answer(request, params)
      if (allowed.length === 0) {
        const near = hasCallbacks ? await nearCallback(parts.app, request) : undefined
        if (near) return near
        throw new BhorError('not_found', 'There is nothing at this address.')
      }
      const error = new BhorError('method_not_allowed', 'This address does not take this method.')
      return told(problemReply(error, newId('req', parts.app.random), { allow: allowed.join(', ') }))
    } catch (cause) {
      return told(failureOf(cause, parts))
    }
  }
}
