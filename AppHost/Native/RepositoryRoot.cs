namespace WpAsis.AppHost.Native;

/// <summary>Finds the folder that holds the solution, from wherever a program of ours was built to.</summary>
public static class RepositoryRoot
{
    /// <summary>Goes up from the program's own folder.</summary>
    /// <exception cref="InvalidOperationException">The program was moved away from its clone.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WpAsis.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No WpAsis.sln above {AppContext.BaseDirectory}: run the program from its clone.");
    }
}
