using WpAsis.TestServers;

[assembly: AssemblyFixture(typeof(SharedServers))]
