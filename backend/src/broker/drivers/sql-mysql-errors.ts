import { DatabaseSaid, type Meaning, NoTls, OtherLogin } from './sql-session.js';

/**
 * By number (MySQL 8.4 Error Message Reference; MariaDB Error Codes, from 1900 on its own). SQLSTATEs are of no use here:
 * 42000 is a mistake in the grammar as well as a right that is missing, and a value that doesn't fit may be HY000.
 */
const meanings: Readonly<Record<Exclude<Meaning, 'other'>, readonly number[]>> = {
  // Shut down, aborted, killed.
  gone: [1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169],
  // Wrong password, unknown account, no account for this host, an old or locked account, a password that has run out.
  login: [1045, 1130, 1524, 1698, 1820, 1862, 3118, 4151],
  // Interrupted; the clock of MariaDB, of MySQL.
  late: [1317, 1969, 3024],
  writes: [1792],
  // Unique, null, foreign key, check (MySQL, MariaDB).
  constraint: [1022, 1048, 1062, 1169, 1216, 1217, 1451, 1452, 1557, 1586, 1761, 1762, 3819, 4025],
  denied: [1044, 1142, 1143, 1227, 1370, 1410, 1419, 3530],
  value: [1264, 1265, 1292, 1365, 1366, 1367, 1406, 1411, 1690, 3140, 3141, 3156, 3854, 4038],
  // Deadlock, waited for a lock.
  conflict: [1205, 1213, 3572],
  // Those whose words name only what the statement does.
  grammar: [
    1049, 1051, 1052, 1054, 1055, 1056, 1060, 1064, 1065, 1066, 1103, 1109, 1110, 1111, 1136, 1140, 1146, 1149, 1166,
    1210, 1222, 1235, 1241, 1242, 1247, 1248, 1295, 1304, 1305, 1318, 1327, 1353, 1364, 1582, 3065,
  ],
};

const byNumber = new Map(
  Object.entries(meanings).flatMap(([meaning, numbers]) =>
    // The names of the table are the meanings.
    numbers.map((number) => [number, meaning as Meaning] as const),
  ),
);

/** Throws what the library's error says. `isSecure`: TLS was up, so that it is the server's own word. */
export function retell(error: unknown, { isSecure, ways }: { isSecure: boolean; ways: string }): never {
  if (!(error instanceof Error)) throw error;
  if ('code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT') throw new NoTls(error.message);
  if (/using unknown plugin|using mysql_clear_password/.test(error.message)) throw new OtherLogin(ways);
  if (!('sqlMessage' in error && 'errno' in error)) throw error;
  if (!isSecure) throw new Error('it broke off before TLS');
  const number = Number(error.errno);
  throw new DatabaseSaid(String(number), byNumber.get(number) ?? 'other', error.message);
}
