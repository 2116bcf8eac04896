import type { EnvironmentNames, Link, Recogniser } from '../../contracts/broker.ts'

export const links = [
  { kind: 'login', label: 'Kite', url: 'https://kite.zerodha.com/' },
  { kind: 'console', label: 'Zerodha Console', url: 'https://console.zerodha.com/' },
  { kind: 'docs', label: 'Kite Connect documentation', url: 'https://kite.trade/docs/connect/v3/' },
  { kind: 'forum', label: 'Kite Connect forum', url: 'https://kite.trade/forum/' },
] as const satisfies readonly Link[]

export const environment = {
  prefixes: ['KITE_', 'ZERODHA_'],
  names: {
    apiKey: ['KITE_API_KEY', 'ZERODHA_API_KEY'],
    apiSecret: ['KITE_API_SECRET', 'ZERODHA_API_SECRET'],
    accessToken: ['KITE_ACCESS_TOKEN', 'ZERODHA_ACCESS_TOKEN'],
    userId: ['KITE_USER_ID', 'ZERODHA_USER_ID'],
    redirectUrl: ['KITE_REDIRECT_URL', 'ZERODHA_REDIRECT_URL', 'KITE_REDIRECT_URI', 'ZERODHA_REDIRECT_URI'],
  },
} as const satisfies EnvironmentNames

export const recognises = [
  // Its `api_secret` holds the access token; the app's secret is not in it. A file with a place for each is another one.
  {
    name: 'broker-config.json',
    keys: ['type', 'api_key', 'api_secret'],
    without: ['access_token', 'accessToken'],
    values: { type: ['kite', 'zerodha'] },
    fields: { apiKey: 'api_key', accessToken: 'api_secret', refreshToken: 'refresh_token' },
  },
  {
    name: 'the configuration of Lean',
    keys: ['zerodha-api-key', 'zerodha-access-token'],
    fields: { apiKey: 'zerodha-api-key', accessToken: 'zerodha-access-token' },
  },
] as const satisfies readonly Recogniser[]
