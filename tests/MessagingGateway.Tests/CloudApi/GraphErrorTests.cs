using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Tests.CloudApi;

public sealed class GraphErrorTests
{
    [Theory]
    [InlineData(429, null, GraphVerdict.RetryMessage)]
    [InlineData(400, 130429, GraphVerdict.RetryMessage)]
    [InlineData(500, 131016, GraphVerdict.RetryMessage)]
    [InlineData(500, 131000, GraphVerdict.RetryMessage)]
    [InlineData(503, 2, GraphVerdict.RetryMessage)]
    [InlineData(400, 80007, GraphVerdict.RetryMessage)]
    [InlineData(403, null, GraphVerdict.RetryMessage)]
    [InlineData(400, 131056, GraphVerdict.RetryPair)]
    [InlineData(500, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(502, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(503, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(408, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(200, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(401, 190, GraphVerdict.StopNumber)]
    [InlineData(401, 0, GraphVerdict.StopNumber)]
    [InlineData(403, 10, GraphVerdict.StopNumber)]
    [InlineData(403, 200, GraphVerdict.StopNumber)]
    [InlineData(403, 299, GraphVerdict.StopNumber)]
    [InlineData(403, 131031, GraphVerdict.StopNumber)]
    [InlineData(400, 131042, GraphVerdict.StopNumber)]
    [InlineData(400, 131048, GraphVerdict.StopNumber)]
    [InlineData(400, 133010, GraphVerdict.StopNumber)]
    [InlineData(400, 133016, GraphVerdict.StopNumber)]
    [InlineData(400, 131047, GraphVerdict.WindowClosed)]
    [InlineData(400, 131050, GraphVerdict.MarketingOptOut)]
    [InlineData(400, 100, GraphVerdict.Fail)]
    [InlineData(400, 131026, GraphVerdict.Fail)]
    [InlineData(400, 131051, GraphVerdict.Fail)]
    [InlineData(404, 132001, GraphVerdict.Fail)]
    [InlineData(400, 131049, GraphVerdict.Fail)]
    [InlineData(400, 999999, GraphVerdict.Fail)]
    internal void The_code_decides_what_is_done(int status, int? code, GraphVerdict expected) =>
        GraphError.Decide(status, code).ShouldBe(expected);

    [Theory]
    [InlineData("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true)]
    [InlineData("https://mmg.whatsapp.net/x", true)]
    [InlineData("https://graph.example:8443/v26.0/1", true)]
    [InlineData("https://graph.example/v26.0/1", false)]
    [InlineData("http://lookaside.fbsbx.com/x", false)]
    [InlineData("https://fbsbx.com.evil.example/x", false)]
    [InlineData("https://evilfbsbx.com/x", false)]
    [InlineData("https://a@lookaside.fbsbx.com/x", false)]
    [InlineData("https://lookaside.fbsbx.com:444/x", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    public void The_token_is_shown_to_Metas_hosts_only(string address, bool expected)
    {
        var graph = new GraphSettings(new Uri("https://graph.example:8443/v26.0"), TimeSpan.FromSeconds(10));

        graph.MayDownloadFrom(new Uri(address)).ShouldBe(expected);
    }
}
