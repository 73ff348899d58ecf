namespace Littlebox.Kernel.Integration.Tests;

/// <summary>Linux 6.1 with control groups of version 2 only; a script is PID 1, and the root is the initramfs.</summary>
public sealed class UnifiedMachine() : Machine("cgroup2");

/// <summary>Linux 6.1 with systemd as PID 1, and a user manager for <c>user</c> (uid 1000).</summary>
public sealed class SystemdMachine() : Machine("systemd");

/// <summary>The same with control groups of version 1, and version 2 without controllers beside them: what systemd calls hybrid.</summary>
public sealed class HybridSystemdMachine() : Machine("systemd", "systemd.unified_cgroup_hierarchy=0");

/// <summary>The tests in the first machine.</summary>
[CollectionDefinition("6.1, cgroup v2")]
public sealed class UnifiedCollection : ICollectionFixture<UnifiedMachine>;

/// <summary>The tests in the machine with systemd.</summary>
[CollectionDefinition("6.1, systemd")]
public sealed class SystemdCollection : ICollectionFixture<SystemdMachine>;

/// <summary>The tests in the machine with systemd and version 1.</summary>
[CollectionDefinition("6.1, systemd, hybrid")]
public sealed class HybridSystemdCollection : ICollectionFixture<HybridSystemdMachine>;
