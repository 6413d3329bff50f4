/** As the packages say. */
export const productVersion = '0.1.0';
