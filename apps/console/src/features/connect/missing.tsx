import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/badge.tsx'
import { type FieldName, labelOf, type Mistakes, stepOf } from './fields.ts'

/** What is missing before anything can be asked of Bitbucket, with a way to each field. */
export function Missing({ mistakes }: { readonly mistakes: Mistakes }) {
  const fields = Object.entries(mistakes) as [FieldName, string][]
  return (
    <Notice tone="warn">
      <p>
        <strong>Something is missing on the steps before:</strong>
      </p>
      <ul>
        {fields.map(([field, text]) => (
          <li key={field}>
            <Link to="/connect" search={{ step: stepOf(field) }} hash={field}>
              {labelOf(field)}
            </Link>
            : {text}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
