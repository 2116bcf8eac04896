/** A request to a desk. */
export interface WireRequest {
  readonly method: string
  /** Path and query, encoded. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: object | undefined
}

export interface WireReply {
  readonly status: number
  readonly text: string
}

/** How requests get to a desk. */
export interface Wire {
  /** @throws an error of `fault`: `server_unreachable`, with `facts.sent` false where nothing was sent; `server_unproven` */
  send(request: WireRequest): Promise<WireReply>
  /** An answer that goes on, as it comes, or one that is a refusal and whole. */
  stream(request: WireRequest, signal: AbortSignal): Promise<{ status: number; texts: AsyncIterable<string> }>
}
