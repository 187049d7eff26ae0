/** The scope that a key needs to send any document where only trusted ones are accepted. */
export const freeDocumentsScope = 'documents:free';
