/** The settings of an engine about registries. */
export type RegistrySettings = {
  /** Where Docker Hub is asked first, as URLs. */
  readonly mirrors: readonly string[];
  /** Registries without a certificate that can be trusted: hosts with their ports, or ranges of addresses. */
  readonly insecure: readonly string[];
};
