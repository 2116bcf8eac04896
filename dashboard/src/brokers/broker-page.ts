/** What this page knows of a broker beyond `GET /v1/brokers`. */
export interface BrokerPage {
  readonly links: readonly { readonly label: string; readonly url: string }[]
  /** How an authenticated request looks, with names in place of values. */
  readonly header: string
  /** The cheapest authenticated call. */
  readonly profilePath: string
  /** Lines for the broker's official Python client; `session` holds the hand-out. */
  readonly python?: SdkSnippet
  /** The same for Node. */
  readonly node?: SdkSnippet
}

export interface SdkSnippet {
  readonly install: string
  readonly imports: string
  readonly use: string
}
