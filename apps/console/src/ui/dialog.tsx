import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'
import styles from './dialog.module.css'

/** A dialog that must be answered before anything else; Escape and a press beside it close it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  side = false,
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** At the side of the window, over its whole height. */
  readonly side?: boolean
}) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={(side ? styles.sideOverlay : styles.overlay) ?? ''}
    >
      <Modal className={(side ? styles.sideModal : styles.modal) ?? ''}>
        <AriaDialog className={styles.dialog ?? ''}>
          <div className={styles.head}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
            {side && (
              <Button slot="close" look="quiet" size="small" aria-label="Close">
                <X aria-hidden="true" size={18} />
              </Button>
            )}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The buttons at the end of a dialog or form. */
export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>
}
