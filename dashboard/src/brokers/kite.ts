import type { BrokerPage } from './broker-page.ts'

/** https://kite.trade/docs/connect/v3/user and the clients pykiteconnect 5 and kiteconnect 5. */
export const kite: BrokerPage = {
  links: [
    { label: 'Kite', url: 'https://kite.zerodha.com/' },
    { label: 'Zerodha Console', url: 'https://console.zerodha.com/' },
  ],
  header: 'X-Kite-Version: 3\nAuthorization: token <api key>:<access token>',
  profilePath: '/user/profile',
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
}
