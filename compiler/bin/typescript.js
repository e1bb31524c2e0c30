// oxlint-disable-next-line import/no-default-export -- openapi-typescript imports it so
export { ts as default } from 'ts-morph';
