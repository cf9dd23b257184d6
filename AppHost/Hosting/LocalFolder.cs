namespace WpAsis.AppHost.Hosting;

/// <summary>What a developer's run keeps outside its volumes: key rings, the clock and where everything listens.</summary>
internal static class LocalFolder
{
    // Not the working directory: under a test that is the test's.
    private static readonly string Root = Path.GetFullPath(Path.Combine(Projects.AppHost.ProjectPath, "..", ".local", "aspire"));

    /// <summary>A file or folder below <c>.local/aspire/</c>.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
