export const isCustomer = (): boolean => true;
