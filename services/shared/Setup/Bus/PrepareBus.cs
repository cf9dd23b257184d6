namespace WpAsis.Setup.Bus;

/// <summary>Gives a service its user on the bus. Virtual host, user and password are read from its AMQP address.</summary>
public static class PrepareBus
{
    /// <summary>Idempotent.</summary>
    public static Task RunAsync(BusManagement management, string service, Uri address, CancellationToken stop) =>
        RunAsync(management, address, BusPermissions.Of(service), stop);

    /// <summary>The same with permissions of the caller's choice.</summary>
    public static async Task RunAsync(BusManagement management, Uri address, BusPermissions permissions, CancellationToken stop)
    {
        var login = address.UserInfo.Split(':', 2);
        if (login is not [{ Length: > 0 } user, { Length: > 0 } password])
            throw new InvalidOperationException($"The bus address {address.Host}:{address.Port} names no user or no password.");

        var virtualHost = address.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(address.AbsolutePath[1..]) : "/";
        await management.PutVirtualHostAsync(virtualHost, stop);
        await management.PutPatienceAsync(virtualHost, stop);
        await management.PutUserAsync(virtualHost, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), permissions, stop);
    }
}
