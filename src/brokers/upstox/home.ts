import type { EnvironmentNames, Link, Recogniser } from '../../contracts/broker.ts'

export const links = [
  { kind: 'login', label: 'Upstox', url: 'https://login.upstox.com/' },
  { kind: 'console', label: 'Upstox developer apps', url: 'https://account.upstox.com/developer/apps' },
  { kind: 'docs', label: 'Upstox API documentation', url: 'https://upstox.com/developer/api-documentation/' },
  { kind: 'forum', label: 'Upstox community', url: 'https://community.upstox.com/' },
] as const satisfies readonly Link[]

/** Upstox' own documentation says client id and client secret for what its console calls API key and secret. */
export const environment = {
  prefixes: ['UPSTOX_'],
  names: {
    apiKey: ['UPSTOX_API_KEY', 'UPSTOX_CLIENT_ID'],
    apiSecret: ['UPSTOX_API_SECRET', 'UPSTOX_CLIENT_SECRET'],
    accessToken: ['UPSTOX_ACCESS_TOKEN'],
    userId: ['UPSTOX_USER_ID'],
    redirectUrl: ['UPSTOX_REDIRECT_URI', 'UPSTOX_REDIRECT_URL'],
  },
} as const satisfies EnvironmentNames

export const recognises = [
  {
    name: 'broker-config.json',
    keys: ['type', 'api_key', 'api_secret'],
    without: ['access_token', 'accessToken'],
    values: { type: ['upstox'] },
    fields: { apiKey: 'api_key', accessToken: 'api_secret', refreshToken: 'refresh_token' },
  },
  // ~/.hft/credentials.json names no broker: only its redirect URI and its place tell, so a person is asked.
  {
    name: 'credentials.json',
    keys: ['client_id', 'client_secret', 'redirect_uri'],
    fields: { apiKey: 'client_id', apiSecret: 'client_secret', redirectUrl: 'redirect_uri' },
  },
  {
    name: 'upstox_token.json',
    keys: ['access_token', 'user_id', 'broker', 'issued_at', 'expires_at'],
    values: { broker: ['UPSTOX'] },
    fields: { accessToken: 'access_token', userId: 'user_id' },
  },
] as const satisfies readonly Recogniser[]
