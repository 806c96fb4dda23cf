/**
 * A small `meta.mat` for tests, of the columns of ImageNet's, written by SciPy 1.17 (`scipy.io.savemat` with `do_compression=True`; its
 * line with the date blanked). Four rows: 1 is n02119789, "kit fox, Vulpes macrotis"; 2 is n02100735, "English setter"; 3 is
 * n01440764, "tench, Tinca tinca"; 4 is n00001740, "entity", which has children.
 */
export const metaMat: Buffer = Buffer.from(
  'TUFUTEFCIDUuMCBNQVQtZmlsZSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAAAAAAAAABSU0PAAAAgQEAAHic7VTRTsIwFC04URKzIE8+9gN46HA6eHKJmkhifFCDj8syytY4' +
    'OrOWKH/A5/oJttJp12CAQeILJ7nr7l3P6W13NhsA4DcBaIjxWEQdLHCocktETcWRCDajDHMmnlvgVNXnIgb3T8PH6y5yusHgRgq8PCzGH7xn+YjphTjN' +
    'WKlAp5MgSkg6yjH9LpSSQoNiHiSYxAlXFJ6HhAZkEsaYAVsUe+B3P7axn5oWEidaHaj5vsa3lvCb2vyWyinqOk7f6/U1nbsVOmeGjsxfCYfj7KMDh9P0' +
    'DTM4CaM844Sto9c29NrFIcNsDI0Gq55TATkfafyGwS9Q8Jsar8q6B1vyR1vy6xrfB9X8gZB3frGBjm3oyPyWxilhCRQfIcf5ej5b6Qutsb0vqq/vgyq+' +
    'cFwXeZeuplPlfXJMo6QDnwmNQsjldTs9zR+lBvf+2IxvaXwfVPGHgOO56I8+luk0DB2ZY8oJn+3ED6WGdv0/Nf1QU3N1P7RAgc8rdeP/tz++APQaa3E=',
  'base64',
);
