// "Error Handling"
import { ErrorHandler, Logger, UpstoxAuthenticator } from 'bhor/upstox'

const logger = Logger.setup({ level: 'INFO' })
logger.info('Application started')

try {
  const auth = new UpstoxAuthenticator()
  if (await auth.authenticate(process.argv[2])) {
    console.log('Success!')
  }
} catch (error) {
  ErrorHandler.handleException(error, 'Authentication failed')
  console.log(error.code)
}
