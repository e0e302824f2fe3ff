/** A flow as it opens without a wish. */
export const emptyFlowSearch = { file: undefined, tab: undefined, step: undefined, run: undefined }
