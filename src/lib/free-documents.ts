/** Scope that a key needs to send any document if the API accepts only trusted ones. */
export const freeDocumentsScope = 'documents:free';
