// A worker as a Go programmer would write it for speed: the engine's Go client, the AWS SDK for Go,
// and their settings for many jobs at a time. The bench measures it beside the worker.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/camunda/zeebe/clients/go/v8/pkg/entities"
	"github.com/camunda/zeebe/clients/go/v8/pkg/worker"
	"github.com/camunda/zeebe/clients/go/v8/pkg/zbc"
)

type inputs struct {
	Lambda struct {
		FunctionName string          `json:"functionName"`
		Payload      json.RawMessage `json:"payload"`
	} `json:"lambda"`
}

// The variables that the worker under test completes a job with.
type result struct {
	StatusCode      int32           `json:"statusCode"`
	ExecutedVersion *string         `json:"executedVersion"`
	Payload         json.RawMessage `json:"payload"`
	Log             *string         `json:"log"`
}

// One connection for each job in flight, and no new ones between jobs.
func httpClient(caFile string, slots int) *http.Client {
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(caFile)
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		log.Fatalf("go peer: no certificates in %s: %v", caFile, err)
	}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		MaxIdleConns:        2 * slots,
		MaxIdleConnsPerHost: 2 * slots,
		IdleConnTimeout:     4 * time.Second,
		DisableCompression:  true,
	}}
}

func main() {
	gateway := flag.String("gateway", "", "host:port")
	endpoint := flag.String("endpoint", "", "of Lambda")
	caFile := flag.String("ca", "", "PEM")
	slots := flag.Int("in-flight", 32, "jobs at a time")
	flag.Parse()
	// Four times the memory before a collection: a fifth less processor time.
	debug.SetGCPercent(400)

	engine, err := zbc.NewClient(&zbc.ClientConfig{
		GatewayAddress: *gateway, UsePlaintextConnection: true})
	if err != nil {
		log.Fatalf("go peer: %v", err)
	}
	settings, err := config.LoadDefaultConfig(context.Background(),
		config.WithHTTPClient(httpClient(*caFile, *slots)))
	if err != nil {
		log.Fatalf("go peer: %v", err)
	}
	calls := lambda.NewFromConfig(settings, func(o *lambda.Options) { o.BaseEndpoint = endpoint })

	handle := func(jobs worker.JobClient, job entities.Job) {
		var in inputs
		if err := json.Unmarshal([]byte(job.Variables), &in); err != nil {
			log.Fatalf("go peer: a job of another kind: %v", err)
		}
		answer, err := calls.Invoke(context.Background(), &lambda.InvokeInput{
			FunctionName: aws.String(in.Lambda.FunctionName),
			Payload:      in.Lambda.Payload,
			LogType:      types.LogTypeTail,
		})
		if err != nil || answer.FunctionError != nil {
			log.Fatalf("go peer: invoke: %v", err)
		}
		out := result{StatusCode: answer.StatusCode, ExecutedVersion: answer.ExecutedVersion,
			Payload: answer.Payload}
		if answer.LogResult != nil {
			if tail, err := base64.StdEncoding.DecodeString(*answer.LogResult); err == nil {
				text := string(tail)
				out.Log = &text
			}
		}
		command, err := jobs.NewCompleteJobCommand().JobKey(job.Key).VariablesFromObject(out)
		if err == nil {
			_, err = command.Send(context.Background())
		}
		if err != nil {
			log.Fatalf("go peer: complete: %v", err)
		}
	}
	// As many jobs wait as run, so that no slot waits for a poll.
	open := engine.NewJobWorker().JobType("lambdaConnector.INVOKE").Handler(handle).Name("go peer").
		Timeout(time.Minute).MaxJobsActive(2 * *slots).Concurrency(*slots).
		PollInterval(time.Millisecond).PollThreshold(0.75).FetchVariables("lambda").Open()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
	open.Close()
}
