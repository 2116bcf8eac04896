import type { Broker } from '../../contracts/broker.ts'

/** For the clients pykiteconnect 5 and kiteconnect 5. */
export const snippets = {
  python: {
    install: 'pip install kiteconnect requests',
    imports: 'from kiteconnect import KiteConnect',
    use: `kite = KiteConnect(
    api_key=session["apiKey"],
    access_token=session["accessToken"],
    root=session["baseUrl"],
)
print(kite.profile()["user_name"])`,
  },
  node: {
    install: 'npm install kiteconnect',
    imports: "import { KiteConnect } from 'kiteconnect'",
    use: `const kite = new KiteConnect({
  api_key: session.apiKey,
  access_token: session.accessToken,
  root: session.baseUrl,
})
console.log((await kite.getProfile()).user_name)`,
  },
} as const satisfies Broker['snippets']
