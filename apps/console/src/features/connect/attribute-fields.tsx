import { type AttributeName, attributeNames, personalAttributes } from '@clarity/shared/contract/settings'
import { attributeLabels } from '../../api/attribute-labels.ts'
import { Badge } from '../../ui/badge.tsx'
import { Checkbox } from '../../ui/field.tsx'
import styles from './connect.module.css'
import { useWizard } from './wizard.ts'

/** Which attributes of people are told. */
export function AttributeFields() {
  const { draft, change } = useWizard()
  const set = (name: AttributeName, isPublished: boolean) =>
    change({
      attributes: attributeNames.filter((other) => (other === name ? isPublished : draft.attributes.includes(other))),
    })
  return (
    <fieldset className={styles.group}>
      <legend>Told of each service user</legend>
      <p className="small muted">
        The ids that tell accounts apart, the kind of account and its status are always told.
      </p>
      {attributeNames.map((name) => (
        <Checkbox
          key={name}
          isSelected={draft.attributes.includes(name)}
          onChange={(isPublished) => set(name, isPublished)}
        >
          <span className="row">
            {attributeLabels[name]}
            {personalAttributes.includes(name) && <Badge tone="info">personal data</Badge>}
          </span>
        </Checkbox>
      ))}
    </fieldset>
  )
}
