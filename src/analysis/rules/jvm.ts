import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { NOTHING, type Rule } from '../rule.ts';
import { filesBelow, isFile } from './tree-files.ts';

/** Opened by the launcher and the virtual machine by their place, java.base's launcher and hotspot os.cpp. */
const LIBRARIES = [
  'libjli.so',
  'server/libjvm.so',
  'libjimage.so',
  'libjava.so',
  'libnio.so',
  'libnet.so',
  'libzip.so',
  'libverify.so',
];

/** Read by classes of java.base when they are first used: time zones, logging, proxies. */
const FILES = [
  'lib/modules',
  'lib/jvm.cfg',
  'lib/tzdb.dat',
  'conf/logging.properties',
  'conf/net.properties',
  'conf/security/java.security',
  'release',
];

/**
 * lib/security has the certificate authorities, conf/security/policy what javax.crypto.JceSecurity cannot start
 * without.
 */
const DIRECTORIES = ['lib/security', 'conf/security/policy'];

/**
 * What a Java 9 or later runtime opens by its own place (java.base launcher java_md.c `CreateExecutionEnvironment`,
 * hotspot `os::init_system_properties_values`): the image of all modules, the list of virtual machines, the libraries
 * of java.base, and the settings that its classes read late. The place is that of the real file, bin/java of it.
 */
export const jvm: Rule = {
  name: 'jvm',
  needs({ tree, programFile }) {
    const home = parentOf(parentOf(programFile));
    if (baseName(programFile) !== 'java' || !isFile(tree, `${home}/lib/modules`)) return NOTHING;
    const at = (path: string): ImagePath => imagePath(`${home}/${path}`);
    return {
      paths: [...FILES.map(at), ...DIRECTORIES.flatMap((path) => filesBelow(tree, at(path)))],
      libraries: LIBRARIES.map((name) => at(`lib/${name}`)).filter((path) => isFile(tree, path)),
    };
  },
};
