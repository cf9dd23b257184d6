namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>A system that a test may break, beside the one that all others share.</summary>
internal static class OwnSystem
{
    private const int FirstPort = 27_100;

    public static async Task<RunningSystem> StartAsync(string name, int replicas = 1)
    {
        var system = new RunningSystem($"survival-{name}", FirstPort, replicas);
        try
        {
            await system.InitializeAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }
}
