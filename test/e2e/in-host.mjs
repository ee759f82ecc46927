export async function runInHost() {}
