import type { Broker } from '../../contracts/broker.ts'

/** For the clients upstox-python-sdk 2 and upstox-js-sdk 2. Each has two hosts: with one of them an order goes to the real one. */
export const snippets = {
  python: {
    install: 'pip install upstox-python-sdk requests',
    imports: 'import upstox_client',
    use: `configuration = upstox_client.Configuration()
configuration.access_token = session["accessToken"]
configuration.host = session["baseUrl"]
configuration.order_host = session["hosts"]["orders"]
users = upstox_client.UserApi(upstox_client.ApiClient(configuration))
print(users.get_profile("2.0").data.user_name)`,
  },
  node: {
    install: 'npm install upstox-js-sdk',
    imports: "import Upstox from 'upstox-js-sdk'",
    use: `const client = new Upstox.ApiClient()
client.basePath = session.baseUrl
client.orderBasePath = session.hosts.orders
client.authentications.OAUTH2.accessToken = session.accessToken
new Upstox.UserApi(client).getProfile('2.0', (error, profile) => {
  if (error) throw error
  console.log(profile.data.userName)
})`,
  },
} as const satisfies Broker['snippets']
