import type { KyselyPlugin } from 'kysely'
import { BhorError } from '../core/errors.ts'

/** For what a store offers outside of transactions: the same queries, but those that change something are refused. */
export const readsOnly: KyselyPlugin = {
  transformQuery({ node }) {
    if (node.kind !== 'SelectQueryNode')
      throw new BhorError('internal', 'A change was asked for outside of a transaction.')
    return node
  },
  transformResult: async ({ result }) => result,
}
