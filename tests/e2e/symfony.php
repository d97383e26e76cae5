<?php
// SPDX-License-Identifier: Apache-2.0
// Debian's php-symfony-twilio-notifier: sends what stands on its input, a JSON list of [from, to, body],
// to the Twilio of TWILIO_HOST, and writes a list of SIDs, or of what the bridge throws.
require 'Symfony/Component/HttpClient/autoload.php';
require 'Symfony/Component/Notifier/autoload.php';
require 'Symfony/Component/Notifier/Bridge/Twilio/autoload.php';

use Symfony\Component\HttpClient\HttpClient;
use Symfony\Component\Notifier\Bridge\Twilio\TwilioTransport;
use Symfony\Component\Notifier\Exception\TransportException;
use Symfony\Component\Notifier\Message\SmsMessage;

$client = HttpClient::create(['cafile' => getenv('CA_FILE')]);
$answers = [];
foreach (json_decode(file_get_contents('php://stdin'), true) as [$from, $to, $body]) {
    $twilio = new TwilioTransport(getenv('TWILIO_ACCOUNT_SID'), getenv('TWILIO_AUTH_TOKEN'), $from, $client);
    $twilio->setHost(getenv('TWILIO_HOST'))->setPort((int) getenv('TWILIO_PORT'));
    try {
        $answers[] = ['sid' => $twilio->send(new SmsMessage($to, $body))->getMessageId()];
    } catch (TransportException $thrown) {
        $answer = $thrown->getResponse();
        $answers[] = ['message' => $thrown->getMessage(), 'status' => $answer->getStatusCode(),
                      'code' => $answer->toArray(false)['code']];
    }
}
echo json_encode($answers);
