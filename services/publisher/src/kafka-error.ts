import { DependencyError } from '@clarity/shared/runtime/errors'

/** What kafkajs tells of a failure. */
interface Failure {
  readonly name: string
  /** Of Node or of OpenSSL; empty for others. */
  readonly code: string
  /** Of Kafka's protocol; empty for others. */
  readonly type: string
}

interface Reason {
  readonly fits: (failure: Failure) => boolean
  readonly message: string
  readonly remedy: string
}

const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_)/
const saslTypes = ['UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']

/** The first that fits holds. */
const reasons: readonly Reason[] = [
  {
    fits: ({ name, type }) => name === 'KafkaJSSASLAuthenticationError' || saslTypes.includes(type),
    message: 'Kafka refuses the login',
    remedy: 'Correct KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, or make that user in Kafka.',
  },
  {
    fits: ({ code }) => untrusted.test(code),
    message: "Kafka's certificate is not trusted",
    remedy:
      'Set KAFKA_TLS_CA_FILE to the authority that the certificates of the brokers are from, and see that they are valid.',
  },
  {
    fits: ({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID',
    message: "Kafka's certificate is for another name",
    remedy: 'Name the brokers in KAFKA_BROKERS, and let them advertise themselves, as their certificates do.',
  },
  {
    fits: ({ code }) => code.startsWith('ERR_SSL_'),
    message: 'Kafka and this client do not agree on TLS',
    remedy:
      'Set KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE to a certificate that Kafka trusts, where its listener asks for one.',
  },
]

const away = {
  message: 'Kafka does not answer',
  remedy:
    'See that Kafka runs and is reachable at KAFKA_BROKERS, and that KAFKA_TLS and KAFKA_SASL_MECHANISM fit its listener.',
}

/** What kafkajs has thrown, with what the operator can do about it. */
export function toKafkaError(cause: unknown): DependencyError {
  const failures = failuresOf(cause)
  const { message, remedy } = reasons.find(({ fits }) => failures.some(fits)) ?? away
  return new DependencyError('kafka', message, { remedy: `${remedy} Nothing is lost meanwhile.`, cause })
}

/** kafkajs wraps an error when it has tried often enough. */
function failuresOf(cause: unknown): Failure[] {
  const failures: Failure[] = []
  for (let error = cause; error instanceof Error && failures.length < 10; error = error.cause) {
    const code = 'code' in error ? String(error.code) : ''
    failures.push({ name: error.name, code, type: 'type' in error ? String(error.type) : '' })
  }
  return failures
}
