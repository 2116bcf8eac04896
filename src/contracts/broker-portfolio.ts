import type { BrokerReply, BrokerRequest, SignContext } from './broker.ts'
import type { DayOrder, FundsView, Holding, Position } from './portfolio.ts'

/** A call that reads. The engine signs it. */
export interface ReadCall<Read> {
  request(session: SignContext): BrokerRequest
  /**
   * Only called with a reply classified `ok`. Whatever is not understood is refused: an empty list must mean that there is
   * nothing. Throws `BhorError` `bad_reply`.
   */
  read(reply: BrokerReply): Read
}

/** What a client of this broker has, and the orders of its day. */
export interface PortfolioCalls {
  readonly holdings: ReadCall<readonly Holding[]>
  readonly positions: ReadCall<readonly Position[]>
  readonly funds: ReadCall<readonly FundsView[]>
  readonly orders: ReadCall<readonly DayOrder[]>
}
